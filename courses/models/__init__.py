from courses.models.catalogue import Programme, SubjectArea
from courses.models.classes import TrainingClass

__all__ = ["Programme", "SubjectArea", "TrainingClass"]
