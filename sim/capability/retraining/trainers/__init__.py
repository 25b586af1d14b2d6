"""What trains: works in memory and the models themselves; one kind of retraining per file."""
