"""Steps that add something to the draft of an image before it is stored."""
