"""What the system is compared with, on the same channel at the same number of symbols."""
