"""How people come into a class: the rules that stand against somebody (rules), and the steps from a nomination by the
district to the decision that sends them (nomination).
"""
