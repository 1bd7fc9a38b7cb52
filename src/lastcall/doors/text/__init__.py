"""The door for texts that a gateway brings over HTTP, and for its word of what became of ours."""
