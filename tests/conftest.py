"""For all tests: a slow machine is no failure, so Hypothesis measures no times."""

from hypothesis import HealthCheck, settings

settings.register_profile("titan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("titan")
