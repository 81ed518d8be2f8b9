# Starts a PostgreSQL server in a folder, on a Unix socket there, and obeys one word a line: kill, start. Says "done" for
# each, and once at the beginning. At the end of its input, which comes at the latest with the end of whoever started it, it
# stops the server and removes the folder. Every commit is synced: what is asked is whether it is there after a kill.
#   sh postgres.sh FOLDER PROGRAMS
# A signal to all of the tests ends the reading below, and nothing else: there is still a folder to remove.
trap : INT TERM HUP
dir=$1 bin=$2
start() {
    tries=0
    while [ $tries -lt 100 ]; do
        "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=300 >>"$dir/log" 2>&1 &
        pid=$!
        while kill -0 $pid 2>/dev/null; do
            if "$bin/pg_isready" -q -h "$dir"; then echo done; return; fi
            sleep 0.05
        done
        tries=$((tries + 1))
        sleep 0.1
    done
    echo failed
}
"$bin/initdb" -D "$dir/data" -U waymark -A trust --encoding=UTF8 --locale=C >>"$dir/log" 2>&1 || echo failed
start
while read -r word; do
    case $word in
        kill) kill -KILL $pid; wait $pid 2>/dev/null; echo done ;;
        start) start ;;
    esac
done
kill -INT $pid
wait $pid
rm -rf "$dir"
