#!/usr/bin/env bash
# Makes docs/reliability.md of the rows that the fault tests have written. Run them first, on a machine that does
# nothing else; the rate is that of the scores asked for during a fault:
#
#   mvn -o -pl service/server -am verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false \
#     -Dit.test='RedisFaultsIT,RedisTroublesIT,OverloadIT,ConnectionsIT,PoisonIT' \
#     -Dfailsafe.failIfNoSpecifiedTests=false -Dscorecast.reliability.rate=2000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

ROWS=service/server/target/reliability
ls "$ROWS"/*.row >/dev/null

cat >docs/reliability.md <<TEXT
# Reliability

What was done to the service, and what came of it. The rows are written by the tests that do it, in this order: \`RedisFaultsIT\`, \`RedisTroublesIT\`, \`OverloadIT\`, \`ConnectionsIT\`, \`PoisonIT\`; they fail if an answer is no 200, an acknowledged event is missing, or nothing comes back. \`docs/reliability.sh\` says how to run them and makes this page. What to expect in short: [operations.md](operations.md).

$(date -u +%Y-%m-%d), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores that also run the test's own clients. Times are from when a request was meant to be sent.

| fault | what came of it |
| --- | --- |
$(cat "$ROWS"/*.row)
TEXT
echo "docs/reliability.md: $(ls "$ROWS"/*.row | wc -l) faults" >&2
