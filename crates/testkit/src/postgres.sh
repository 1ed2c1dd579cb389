#!/bin/sh
# Runs a PostgreSQL server for as long as standard input stays open: prints the folder of its socket
# when it accepts connections; stops and leaves nothing behind when standard input closes, which it
# also does when the one who started this is killed.
#
# With a port as its argument it also listens there, on loopback, for TLS and nothing else: its name is
# localhost, and who vouches for that is in the folder's ca.pem.
#
# PostgreSQL refuses to run as root, so root becomes the user that the package made; who may not be
# able to read this file, and so gets its text.
set -eu

if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=postgres --regid=postgres --clear-groups -- sh -c "$(cat "$0")" "$0" "$@"
fi

# Debian keeps the server's programs off the PATH, one folder for each version; the newest sorts last.
for bin in /usr/lib/postgresql/*/bin; do
    PATH=$bin:$PATH
done
command -v initdb >/dev/null || { echo "PostgreSQL's initdb is neither on the PATH nor below /usr/lib/postgresql" >&2; exit 1; }

folder=$(mktemp -d -t kapu-postgres-XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
initdb --pgdata=data --username=kapu --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions >initdb.log 2>&1 ||
    { cat initdb.log >&2; exit 1; }

# Nothing here outlives the machine's next breath, so nothing waits for the disk.
cat >>data/postgresql.conf <<END
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
END
if [ $# -gt 0 ]; then
    {
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout data/server.key -out server.csr
        echo subjectAltName=DNS:localhost >server.ext
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out data/server.crt
    } >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
    chmod 600 data/server.key
    printf 'local all all trust\nhostssl all all 127.0.0.1/32 trust\n' >data/pg_hba.conf
    printf "listen_addresses = '127.0.0.1'\nport = %s\nssl = on\n" "$1" >>data/postgresql.conf
fi
pg_ctl --wait --silent --pgdata=data --log=server.log start </dev/null >pg_ctl.log 2>&1 ||
    { cat pg_ctl.log server.log >&2; exit 1; }
trap 'pg_ctl --wait --silent --mode=immediate --pgdata=data stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"' EXIT
trap '' INT TERM HUP

echo "$folder"
read -r _ || true
