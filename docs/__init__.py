"""What operators read, and the program that keeps its tables as the code is."""
