#!/bin/sh
# Makes the secrets and the settings that compose.yml asks for, once; what is there already is left as it is.
set -eu
umask 077
cd "$(dirname "$0")"

password() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

if [ -e secrets ]; then
    echo "docker/secrets is there already and is kept: other passwords would lock the servers' data." >&2
else
    rm -rf secrets.unfinished
    mkdir secrets.unfinished
    database=$(password)
    broker=$(password)
    password >secrets.unfinished/secret_key
    password >secrets.unfinished/postgres_password
    printf '%s\n' "$database" >secrets.unfinished/database_password
    printf 'postgresql://branchwise:%s@postgres:5432/branchwise\n' "$database" >secrets.unfinished/database_url
    printf 'requirepass %s\n' "$broker" >secrets.unfinished/valkey_auth
    printf 'redis://:%s@valkey:6379/0\n' "$broker" >secrets.unfinished/broker_url
    # A file is mounted with the mode it has here, for users that are not known here. Nobody else gets into the folder.
    chmod 0444 secrets.unfinished/*
    mv secrets.unfinished secrets
fi

if [ -e .env ]; then
    echo "docker/.env is there already and is kept." >&2
else
    cat >.env <<'SETTINGS'
# For a first look on this machine: http://localhost:8000, no TLS, nobody else gets in. docker/README.md says what to
# change for a server; the README of the clone says what each setting is.
ALLOWED_HOSTS=localhost
SECURE_PROXY_SSL_HEADER=none
SECURE_SSL_REDIRECT=0
TRUSTED_PROXIES=0
PUBLISHED_AT=127.0.0.1:8000
SETTINGS
fi
