"""What the tests ask of kubernetes/.

manifests.py files FOLDER              every file of a kustomization is there, and none is left out
manifests.py check RENDERED RELEASE…   Kubernetes takes what was rendered, and its parts fit together
manifests.py probes FOLDER             prints what is asked of the service over HTTP, as JSON

A mistake is a line on standard error, and the exit status is 1.
"""

import json
import os
import re
import subprocess
import sys

import yaml

mistakes = []


def expect(condition, mistake):
    if not condition:
        mistakes.append(mistake)


def documents(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document]


def kustomization(folder):
    return documents(f"{folder}/kustomization.yaml")[0]


# files

def files(folder):
    found = kustomization(folder)
    named = [*found.get("resources", []), *found.get("configurations", [])]
    named += [patch["path"] for patch in found.get("patches", [])]
    for generator in found.get("configMapGenerator", []):
        named += generator.get("files", [])
    for name in named:
        path = f"{folder}/{name}"
        expect(os.path.isfile(path) or os.path.isfile(f"{path}/kustomization.yaml"), f"{path} is not there")
    for name in os.listdir(folder):
        expect(name in named or name == "kustomization.yaml", f"{folder}/{name} belongs to no kustomization")


# check

# What a person makes beside, as the overlays' comments say.
SECRETS = {"martlet-credentials", "martlet-keys", "redis"}
# Nobody publishes their schemas for kubernetes-validate.
WITHOUT_SCHEMA = {"ServingRuntime", "InferenceService"}


def amount(text):
    """A quantity of Kubernetes: CPUs or bytes."""
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text)).groups()
    return float(number) * {"": 1, "m": 1e-3, "Mi": 2**20, "Gi": 2**30}[unit]


def seconds(text):
    return float(re.fullmatch(r"([0-9.]+)s", text)[1])


def containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


def walk(value, key):
    """Every value of a key, at any depth."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name == key:
                yield child
            yield from walk(child, key)
    elif isinstance(value, list):
        for child in value:
            yield from walk(child, key)


def selects(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def check_references(resources, pod):
    names = {(each["kind"], each["metadata"]["name"]) for each in resources}
    for key, kind in (("configMap", "ConfigMap"), ("configMapRef", "ConfigMap")):
        for reference in walk(pod, key):
            expect((kind, reference["name"]) in names, f"there is no {kind} {reference['name']}")
    secrets = [each["secretName"] for each in walk(pod, "secret")] + [each["name"] for each in walk(pod, "secretKeyRef")]
    for name in secrets:
        expect(name in SECRETS, f"nobody makes the Secret {name}")
    if "serviceAccountName" in pod:
        expect(("ServiceAccount", pod["serviceAccountName"]) in names, "there is no such service account")
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    for container in containers(pod):
        mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
        expect(mounted <= volumes, f"{container['name']} mounts {mounted - volumes}, which is no volume")


def check_pod(name, pod):
    """The restricted profile of Pod Security, requests and limits, and ports that probes name."""
    for container in containers(pod):
        where = f"{name}/{container['name']}"
        context = {**pod.get("securityContext", {}), **container["securityContext"]}
        expect(context.get("runAsNonRoot") is True and context.get("runAsUser", 0) > 0, f"{where} may run as root")
        expect(context.get("seccompProfile", {}).get("type") == "RuntimeDefault", f"{where} has no seccomp profile")
        expect(context.get("allowPrivilegeEscalation") is False, f"{where} may gain privileges")
        expect(context.get("capabilities") == {"drop": ["ALL"]}, f"{where} has capabilities")
        expect(context.get("readOnlyRootFilesystem") is True, f"{where} may write its root")
        for what in ("requests", "limits"):
            expect(container["resources"].get(what, {}).keys() == {"cpu", "memory"}, f"{where} has not all {what}")
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        for probe in [value for key, value in container.items() if key.endswith("Probe")]:
            port = probe.get("httpGet", probe.get("tcpSocket"))["port"]
            expect(port in ports or port in ports.values(), f"{where} has a probe of port {port}, which it has not")
            expect(1 <= ports.get(port, port) <= 65535, f"{where}: {port} is no port")


def configuration(resources, pod):
    """The service's configuration, as the pod's volume has it."""
    for volume in pod["volumes"]:
        if volume["name"] == "configuration":
            for each in resources:
                if each["kind"] == "ConfigMap" and each["metadata"]["name"] == volume["configMap"]["name"]:
                    return yaml.safe_load(each["data"]["rest_config.yaml"])
    raise SystemExit("no volume has the configuration")


def check_service(resources, pod, container, grace):
    config = configuration(resources, pod)
    ports = [port["containerPort"] for port in container["ports"]]
    expect(ports == [config["server"]["port"]], f"the service listens on {config['server']['port']}, not {ports}")
    drain = seconds(config["server"]["drain_timeout"])
    expect(drain < grace, f"a drain of {drain} s does not fit the grace of {grace} s")
    expect(seconds(config["server"]["drain_delay"]) < drain, "the drain is over before it is heard of")
    mount = next(each for each in container["volumeMounts"] if each["name"] == "configuration")
    expect(container["args"][-1] == f"{mount['mountPath']}/rest_config.yaml", "the configuration is mounted elsewhere")
    expect(config["metrics"]["enabled"], "there are annotations for metrics, and no metrics")


def check_deployment(resources, deployment):
    by_kind = {}
    for each in resources:
        by_kind.setdefault(each["kind"], []).append(each)
    template, name = deployment["spec"]["template"], deployment["metadata"]["name"]
    labels, pod = template["metadata"]["labels"], template["spec"]
    check_references(resources, pod)
    check_pod(name, pod)
    expect(selects(deployment["spec"]["selector"]["matchLabels"], labels), f"{name} does not select its pods")
    ports = {port["name"]: port["containerPort"] for each in pod["containers"] for port in each["ports"]}
    services = [each for each in by_kind["Service"] if selects(each["spec"]["selector"], labels)]
    expect(len(services) == 1, f"{name} has {len(services)} services")
    for service in services:
        expect(service["spec"]["ports"][0]["targetPort"] in ports, f"the service {name} has no such port")
    policies = [each for each in by_kind["NetworkPolicy"] if selects(each["spec"]["podSelector"]["matchLabels"], labels)]
    expect(len(policies) == 1, f"{name} has {len(policies)} network policies")
    if name != "martlet":
        return
    check_service(resources, pod, pod["containers"][0], pod["terminationGracePeriodSeconds"])
    annotations = template["metadata"]["annotations"]
    expect(int(annotations["prometheus.io/port"]) in ports.values(), "Prometheus asks another port")
    budget, scaler = by_kind["PodDisruptionBudget"][0], by_kind["HorizontalPodAutoscaler"][0]
    expect(selects(budget["spec"]["selector"]["matchLabels"], labels), "the disruption budget is about nobody")
    expect(scaler["spec"]["scaleTargetRef"]["name"] == name, "the autoscaler is about somebody else")
    expect(scaler["spec"]["minReplicas"] > budget["spec"]["maxUnavailable"], "a drained node may end the last replica")
    expect("replicas" not in deployment["spec"], "deployment and autoscaler both say how many replicas there are")


def check_quota(resources):
    """All replicas at most, and a rolling update of them, have room."""
    quota = next(each for each in resources if each["kind"] == "ResourceQuota")["spec"]["hard"]
    most = next(each for each in resources if each["kind"] == "HorizontalPodAutoscaler")["spec"]["maxReplicas"]
    needed = dict.fromkeys(quota, 0.0)
    for deployment in [each for each in resources if each["kind"] == "Deployment"]:
        pods = deployment["spec"].get("replicas")
        if pods is None:
            surge = int(deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"].rstrip("%"))
            pods = most + -(-most * surge // 100)
        needed["pods"] += pods
        for container in containers(deployment["spec"]["template"]["spec"]):
            for what, amounts in container["resources"].items():
                for resource, text in amounts.items():
                    needed[f"{what}.{resource}"] += pods * amount(text)
    for what, limit in quota.items():
        expect(needed[what] <= amount(limit), f"the quota has {limit} {what}, and {needed[what]:g} may be needed")


def check_kserve(resources):
    runtime = next(each for each in resources if each["kind"] == "ServingRuntime")
    service = next(each for each in resources if each["kind"] == "InferenceService")["spec"]["predictor"]["model"]
    pod = runtime["spec"]
    check_references(resources, pod)
    check_pod("kserve", pod)
    # KServe leaves Kubernetes' default.
    check_service(resources, pod, pod["containers"][0], grace=30)
    formats = [each["name"] for each in pod["supportedModelFormats"]]
    expect(service["runtime"] == runtime["metadata"]["name"], "the inference service names another runtime")
    expect(service["modelFormat"]["name"] in formats, "the runtime does not take the format")


def check(rendered, *releases):
    resources = documents(rendered)
    tool = os.path.join(os.path.dirname(sys.executable), "kubernetes-validate")
    for release in releases:
        outcome = subprocess.run(
            [tool, "--strict", "--kubernetes-version", release, rendered], capture_output=True, text=True, check=False)
        lines = (outcome.stdout + outcome.stderr).splitlines()
        passed = sum(" passed for resource " in line for line in lines)
        known = sum(each["kind"] not in WITHOUT_SCHEMA for each in resources)
        expect(passed == known, "\n".join(line for line in lines if " passed for " not in line))
    deployments = [each for each in resources if each["kind"] == "Deployment"]
    for deployment in deployments:
        check_deployment(resources, deployment)
    if deployments:
        check_quota(resources)
    else:
        check_kserve(resources)


# probes

def probes(folder):
    """What the kubelet and Prometheus ask the service, from the files as they are written."""
    for name in ("deployment.yaml", "serving_runtime.yaml"):
        if os.path.isfile(f"{folder}/{name}"):
            spec = documents(f"{folder}/{name}")[0]["spec"]
            break
    else:
        # An overlay that changes nothing of this.
        return probes(f"{folder}/../../base")
    annotations = spec.get("template", {}).get("metadata", spec)["annotations"]
    container = spec.get("template", {}).get("spec", spec)["containers"][0]
    asked = {key: value["httpGet"]["path"] for key, value in container.items() if key.endswith("Probe")}
    asked["metrics"] = next(value for key, value in annotations.items() if key.endswith("/path"))
    return asked


def main():
    command, *arguments = sys.argv[1:]
    if command == "probes":
        print(json.dumps(probes(*arguments)))
    else:
        {"files": files, "check": check}[command](*arguments)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    sys.exit(1 if mistakes else 0)


main()
