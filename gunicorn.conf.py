"""How the site is served; gunicorn reads this file when it is started in this folder."""

worker_class = "lao_cai_training.serving.Worker"  # a request that is half sent takes no thread
control_socket_disable = True
logger_class = "lao_cai_training.logs.ServerLogger"  # no line quotes what was asked or sent
# With --access-logfile: the path without what was searched for, and no address of the page before.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'
