"""Scorers behind one protocol (service.domain.scoring), and the models they load."""
