# PgMosaic. `make help` lists what can be made.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

JDK := $(shell scripts/find-jdk 2>/dev/null)
MVN := JAVA_HOME='$(JDK)' mvn -B -ntp
LOCAL := '$(JDK)/bin/java' -Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
	-Dpgmosaic.home='$(CURDIR)' -cp '$(CURDIR)/local/target/dist/lib/*' io.pgmosaic.local.cli.Main
SOURCES := $(shell find . -path '*/target' -prune -o \( -path './*/src/main/*' -o -name pom.xml \) -type f -print 2>/dev/null)
BUILT := local/target/built

.PHONY: help build test e2e images demo up down status bench bench-core bench-failover bench-split bench-kubernetes chaos chaos-splits format clean toolchain

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

toolchain:
	@scripts/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo 'Maven is missing: install the Debian package maven' >&2; exit 1; }

build: toolchain $(BUILT) ## Compile and package every module

$(BUILT): $(SOURCES)
	@$(MAKE) toolchain
	@echo 'Building ...'
	@$(MVN) -q package -DskipTests
	@touch $@

test: toolchain ## Build, check the format and run every test
	@$(MVN) verify
	@touch $(BUILT)

e2e: build ## Install it on a real Kubernetes, and test it there; TESTS names some of the tests (docs/e2e.md)
	@JAVA_HOME='$(JDK)' scripts/e2e $(foreach test,$(TESTS),'$(test)')

images: build ## Write the container images as archives into images/target, without a container engine
	@JAVA_HOME='$(JDK)' scripts/images $(POSTGRES)

demo: build ## Show what it does, on this machine, in less than two minutes
	@$(LOCAL) demo

up: build ## Start a cluster in the background to play with
	@$(LOCAL) up

down: toolchain ## End the cluster of make up
	@[ -d local/target/dist/lib ] || { echo 'Nothing is built, so nothing is running from here.'; exit 0; }; $(LOCAL) down

status: toolchain ## Show the cluster of make up
	@[ -d local/target/dist/lib ] || { echo 'Nothing is built, so nothing is running from here.'; exit 1; }; $(LOCAL) status

bench: bench-core bench-failover bench-split bench-kubernetes ## Run every benchmark; the figures are in target/bench

bench-core: build ## Run the benchmarks of the core alone
	@JAVA_HOME='$(JDK)' scripts/bench core

bench-failover: build ## Run the benchmarks of failover alone, Patroni beside them
	@JAVA_HOME='$(JDK)' scripts/bench failover

bench-split: build ## Run the benchmarks of splits alone
	@JAVA_HOME='$(JDK)' scripts/bench split

bench-kubernetes: build ## Run the benchmarks on a real Kubernetes node alone
	@JAVA_HOME='$(JDK)' scripts/bench kubernetes

chaos: toolchain ## Break a local cluster FAULTS times (200) from SEED, and check what its clients saw
	@JAVA_HOME='$(JDK)' scripts/chaos $(or $(FAULTS),200) $(or $(SEED),$$RANDOM) $(or $(SHARDS),2)

chaos-splits: toolchain ## Split shards of a local cluster while FAULTS things (20) break in their phases, from SEED
	@JAVA_HOME='$(JDK)' scripts/chaos splits $(or $(FAULTS),20) $(or $(SEED),$$RANDOM)

format: toolchain ## Format the sources and sort the imports
	@$(MVN) -q spotless:apply

clean: toolchain ## Remove what was built
	@$(MVN) -q clean
	@rm -rf target
