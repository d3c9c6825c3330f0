"""Values that describe artworks, their regions and the relations between them.

All are frozen, keyword-only and valid from construction. Lengths are pixels of the image the value
belongs to, with x to the right and y downwards; angles are degrees from the x axis towards y.
"""
