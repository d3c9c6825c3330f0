"""``python -m iconograph.cli``."""

from iconograph.cli.main import main

main()
