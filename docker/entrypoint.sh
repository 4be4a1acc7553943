#!/bin/sh
# What a container runs: one process of Branchwise, which takes this script's place so that signals reach it.
set -eu
cd "$(dirname "$0")/.."

known='web, beat, worker, migrate, manage COMMAND …'
if [ $# -eq 0 ]; then
    echo "Say what to run: $known." >&2
    exit 64
fi
kind=$1
shift

# All that is missing, at once; what is set is judged by the settings themselves.
missing=
for name in ALLOWED_HOSTS SECURE_PROXY_SSL_HEADER SECRET_KEY_FILE DATABASE_URL BROKER_URL; do
    eval "value=\${$name:-}"
    case $name in
    DATABASE_URL | BROKER_URL) eval "value=\$value\${${name}_FILE:-}" ;;
    esac
    [ -n "$value" ] || missing="$missing${missing:+, }$name"
done

ready() {
    if [ -n "$missing" ]; then
        echo "Missing settings: $missing. The table in the README says what they are; the two addresses can be given" \
            "as files too, by DATABASE_URL_FILE and BROKER_URL_FILE." >&2
        exit 78
    fi
}

case $kind in
web)
    ready
    exec python manage.py process web --host 0.0.0.0 --port 8000 "$@"
    ;;
beat | worker)
    ready
    exec python manage.py process "$kind" "$@"
    ;;
migrate)
    ready
    exec python manage.py migrate --no-input "$@"
    ;;
manage)
    ready
    exec python manage.py "$@"
    ;;
*)
    echo "Unknown process '$kind'. Known: $known." >&2
    exit 64
    ;;
esac
