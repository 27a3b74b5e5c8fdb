"""The one place where stories are told: a town, what its people do with a journey, and what they write."""
