from cadres.admin import dictionaries, registry, sign_in, standards, units, users

__all__ = ["dictionaries", "registry", "sign_in", "standards", "units", "users"]
