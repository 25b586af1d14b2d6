"""Many runs of one scenario: designs, execution that loses nothing, a store, what comes of it."""
