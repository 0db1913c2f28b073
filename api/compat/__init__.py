"""Drop-in endpoints of other services, over the same services of ours: a package for each."""
