"""How a report is split into what stories are compared by: stems, figures, names."""
