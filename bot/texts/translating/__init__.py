"""For those who translate: messages found in the code, the template, and checks of a catalogue."""
