from cadres.admin import dictionaries, registry, standards, units, users

__all__ = ["dictionaries", "registry", "standards", "units", "users"]
