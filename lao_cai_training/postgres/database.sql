-- The database itself; its owner makes the tables (manage.py setup).
CREATE DATABASE lao_cai_training OWNER lao_cai ENCODING 'UTF8' TEMPLATE template0;

