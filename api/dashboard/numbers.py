"""Numbers of things, as people write them."""


def counted(number: int, unit: str) -> str:
    """Say how many there are of something: "1 comment", "1,200 comments"."""
    return f"{number:,} {unit}" + ("" if number == 1 else "s")
