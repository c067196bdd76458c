"""The rate at year-ends to come, from what is known: who is to have which record (`expected`), how many of those who
study pass (`passing`), and the verdicts of those days with every step by name (`computing`)."""
