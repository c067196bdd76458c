"""How the site is served; gunicorn reads this file when it is started in this folder."""

worker_class = "lao_cai_training.serving.Worker"  # a request that is half sent takes no thread
control_socket_disable = True
