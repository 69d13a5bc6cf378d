#!/bin/sh
# The namespace of the orders, once; `starter.py setup` sees to its search attributes and its retention.
set -eu

if temporal operator namespace describe --namespace dingdan; then
  exit 0
fi
temporal operator namespace create --namespace dingdan --retention 90d
