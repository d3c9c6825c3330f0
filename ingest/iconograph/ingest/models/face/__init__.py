"""Face finders: pictures to faces with eyes and head direction."""
