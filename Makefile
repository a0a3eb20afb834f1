# Martlet: what a person does with a checkout. `make help` lists it.

CONFIG ?= configuration/rest_config.yaml
PORT   ?= 8000
# What `make bench-packages` loads.
PARAMETERS ?= models/insurance_charges_model/model.txt
# How long `make soak` loads the server.
MINUTES ?= 10
# How often `make load-rolling` restarts, and how long the other load tests take: of overload, of reloads, and of each phase
# of chaos.
RESTARTS         ?= 20
OVERLOAD_SECONDS ?= 120
RELOAD_SECONDS   ?= 300
CHAOS_SECONDS    ?= 20

# The C libraries that a build links, and what the tests and the benchmarks start beside the server.
BUILD_PACKAGES := libcurl4-openssl-dev libssl-dev libyaml-dev libzip-dev zlib1g-dev libhiredis-dev
TEST_PACKAGES  := chromium curl haproxy openssl prometheus python3 python3-venv redis-server
LOAD_PACKAGES  := haproxy libfaketime
S3_PACKAGES    := radosgw ceph-mon ceph-osd ceph-common
MODEL_PACKAGES := python3 python3-venv libgomp1
IMAGE_PACKAGES := podman buildah runc catatonit containernetworking-plugins iptables mmdebstrap
BENCH_PACKAGES := nginx wrk gcc libc6-dev redis-server

# What `make image` calls the image.
IMAGE ?= localhost/martlet:0.1.0
# How podman runs containers here; any other file may be named.
export CONTAINERS_CONF ?= $(CURDIR)/.ci/containers.conf

# Where `make swagger-ui` takes Swagger UI from: the whole of its distribution is in this package.
SWAGGER_UI_PACKAGE := drf-spectacular-sidecar==2026.10.1 \
    --hash=sha256:fe1d005d8ac9b5d0472f2fe5deeb2e7d6dcffaa24118044f22578b4b8c4b31f2

# A binary of its own: no Swift runtime has to be installed where it runs.
RELEASE := swift build -c release --static-swift-stdlib --product

.DEFAULT_GOAL := help
.PHONY: help setup setup-test setup-bench setup-models build run test test-s3 image test-image check-image test-infra soak test-load load-rolling load-reload load-overload load-chaos setup-load fuzz lint format contract models check-models packages swagger-ui bench bench-inference bench-counting bench-packages clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the C libraries that a build needs (Debian)
	@./.ci/packages $(BUILD_PACKAGES)

setup-test: setup
	@./.ci/packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory .venv-test/installed

# The Python clients that call the server, and the node tests of ONNX, in versions of their own.
.venv-test/installed: Tests/requirements.txt
	@echo "setup: installing what the tests use from Python into .venv-test"
	@python3 -m venv --clear .venv-test
	@.venv-test/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

setup-bench: setup
	@./.ci/packages $(MODEL_PACKAGES) $(BENCH_PACKAGES)

setup-models:
	@./.ci/packages $(MODEL_PACKAGES)

build: setup ## Build .build/release/martlet
	$(RELEASE) martlet

run: build ## Serve $(CONFIG) on port $(PORT)
	exec .build/release/martlet serve --config $(CONFIG) --port $(PORT)

test: setup-test ## Install what the tests need and run all of them
	.ci/test

test-s3: setup-test ## Run the store tests against Ceph's S3 gateway, which is stricter than what 'make test' has
	@./.ci/packages $(S3_PACKAGES)
	Tests/ArtifactsTests/Servers/with_radosgw.sh swift test --filter 'RealStoreTests|StrictStoreTests'

image: ## Build the container image IMAGE with the example models in it, by podman
	@./.ci/packages $(IMAGE_PACKAGES)
	.ci/image $(IMAGE) --build-arg CONFIGURATION=configuration/rest_config.yaml --build-arg MODELS=models

test-image: ## Build the image, run it and kubernetes/ as a cluster does, and let checkov read them
	@./.ci/packages $(IMAGE_PACKAGES) || echo "test-image: without these packages"
	@! Tests/Image/can_run.sh || $(MAKE) --no-print-directory image check-image

check-image: .venv-image/installed
	.venv-image/bin/python Tests/Image/image.py $(IMAGE)
	.venv-image/bin/python Tests/Image/pods.py $(IMAGE)
	Tests/Image/checkov.sh

test-infra: .venv-image/installed ## Check infra/: terraform's format, types and tests without AWS, and checkov
	Tests/Infra/infra.sh

# Of an environment of its own: checkov wants other versions than the tests.
.venv-image/installed: Tests/Image/requirements.txt
	@./.ci/packages python3 python3-venv
	@python3 -m venv --clear .venv-image
	@.venv-image/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

soak: build setup-test ## Load the server for MINUTES (10) while what its decorators ask is killed and held
	.venv-test/bin/python Tests/Soak/soak.py --minutes $(MINUTES)

# One after another, all of them, each for as long as its variable says: about 20 minutes.
test-load: ## Run all load tests below, one after another
	@failed=; for test in rolling reload overload chaos; do \
	    $(MAKE) --no-print-directory load-$$test || failed="$$failed load-$$test"; \
	done; [ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

load-rolling: build setup-load ## Restart replicas behind HAProxy, RESTARTS (20) times: requests that fail
	.venv-test/bin/python Tests/Soak/rolling.py --restarts $(RESTARTS)

load-reload: build setup-load ## Reload every second for RELOAD_SECONDS (300): requests that fail, latency, memory
	.venv-test/bin/python Tests/Soak/reload.py --seconds $(RELOAD_SECONDS)

load-overload: build setup-load ## Ask five times too much for OVERLOAD_SECONDS (120): latency, refusals, health, recovery
	.venv-test/bin/python Tests/Soak/overload.py --seconds $(OVERLOAD_SECONDS)

load-chaos: build setup-load ## Disturb log, scraper, clock and collector, CHAOS_SECONDS (20) a phase: requests that fail, latency
	.venv-test/bin/python Tests/Soak/chaos.py --seconds $(CHAOS_SECONDS)

setup-load: setup-test ## Install what the load tests need besides
	@./.ci/packages $(LOAD_PACKAGES)

fuzz: setup ## Fuzz READER (default: each one) for SECONDS (30) with libFuzzer
	Tests/Fuzz/fuzz.sh "$(READER)" "$(SECONDS)"

lint: ## Check the format of the Swift sources
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Examples Benchmarks

format: ## Rewrite the Swift sources in the house format
	swift format --in-place --recursive --parallel Package.swift Sources Tests Examples Benchmarks

contract: build ## Write service_contract.yaml anew, after saying what changes for its callers
	@.build/release/martlet openapi --config configuration/rest_config.yaml --check service_contract.yaml || true
	.build/release/martlet openapi --config configuration/rest_config.yaml --output service_contract.yaml

models: setup-models ## Train the example models anew
	models/train.sh

check-models: setup-models ## Train the example models into a scratch folder and compare
	models/train.sh --check

# The time in the manifests is a fixed one, so that the same files make the same packages.
packages: build ## Make and sign the packages of the example models anew
	for model in iris_model insurance_charges_model; do \
	    package=$$(.build/release/martlet package --output models models/$$model) && \
	    SOURCE_DATE_EPOCH=1795132800 .build/release/martlet sign --key models/development.key \
	        --key-id martlet-development $$package || exit 1; \
	done

# pip takes no other file than the one with the digest.
swagger-ui: ## Fetch the Swagger UI that /docs/api shows the contract with, in the pinned version
	@set -e; folder=$$(mktemp -d); trap 'rm -r "$$folder"' EXIT; \
	echo '$(SWAGGER_UI_PACKAGE)' > $$folder/requirements.txt; \
	python3 -m venv $$folder/venv; \
	$$folder/venv/bin/pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	    --require-hashes --dest $$folder --requirement $$folder/requirements.txt; \
	python3 -m zipfile --extract $$folder/*.whl $$folder; \
	for file in swagger-ui-bundle.js swagger-ui.css LICENSE; do \
	    cp $$folder/drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist/$$file \
	        Sources/CDocumentation/swagger-ui/$$file; \
	done; \
	gzip -9nf Sources/CDocumentation/swagger-ui/*.js Sources/CDocumentation/swagger-ui/*.css

bench: build setup-bench ## Measure beside nginx and the Python peers; writes docs/performance.md
	python3 Benchmarks/bench.py --write docs/performance.md

bench-inference: setup-bench ## Measure rows, one and many, beside the libraries that trained; writes docs/performance.md
	$(RELEASE) InferenceBenchmark
	python3 Benchmarks/bench_inference.py --write docs/performance.md

bench-counting: build ## Measure what counting for /metrics adds to a request; writes docs/performance.md
	@./.ci/packages wrk
	python3 Benchmarks/counting.py --write docs/performance.md

bench-packages: setup ## Measure what verification adds to the loading of PARAMETERS, a LightGBM file
	$(RELEASE) PackageBenchmark
	.build/release/PackageBenchmark "$(PARAMETERS)"

clean: ## Remove what was built
	swift package clean
