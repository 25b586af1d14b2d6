"""What a step is made of: who decides, what moves them, what institutions ask of them."""
