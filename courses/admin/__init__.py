from courses.admin import catalogue, classes, norms

__all__ = ["catalogue", "classes", "norms"]
