"""Knowledge about what pictures show: Iconclass and the words for things and figures."""
