"""What is learned from: made-up worlds whose truth is known, small real data, and readers of real text.

No model and no measure lives here."""
