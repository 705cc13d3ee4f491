"""Tocsin: a bell that rings once for each piece of news.

The way of a story, stage by stage: `pipeline.polling.poll` fetches and stores what feeds published,
`pipeline.placing.desk` decides which story it is and who wants it, `pipeline.deliver` sends what is
in the outbox, `pipeline.polling.housekeeping` tidies up.
"""
