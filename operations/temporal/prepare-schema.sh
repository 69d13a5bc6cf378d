#!/bin/sh
# Brings both schemas of the Temporal server to the version of this image; safe to repeat, and a failure stays one.
set -eu

prepare() {
  database=$1
  versions=/etc/temporal/schema/postgresql/v12/$2/versioned
  temporal-sql-tool --db "$database" create # is content with one that there is
  if temporal-sql-tool --db "$database" update-schema -d "$versions"; then
    return
  fi
  # a new one has no version yet, and only there may the tables of versions be made
  temporal-sql-tool --db "$database" setup-schema -v 0.0
  temporal-sql-tool --db "$database" update-schema -d "$versions"
}

prepare temporal temporal
prepare temporal_visibility visibility
