#!/usr/bin/env python3
"""Generates two clients from a contract, calls a running martlet with each, and prints a line for each call that went well.

usage: generated_clients.py CONTRACT BASE_URL FOLDER
"""

import importlib
import os
import pathlib
import subprocess
import sys

import httpx

FLOWER = {"sepal_length": 6.0, "sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5}
CUSTOMER = {"age": 42, "sex": "female", "bmi": 24.0, "children": 2, "smoker": False, "region": "northwest"}


def check(name: str, holds: bool) -> None:
    if not holds:
        sys.exit(f"{name}: wrong answer")
    print(f"{name}: ok")


def run(program: str, *arguments: str) -> None:
    tools = pathlib.Path(sys.executable).parent
    # The generators call formatters, which lie beside them.
    environment = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}")
    outcome = subprocess.run([tools / program, *arguments], capture_output=True, text=True, env=environment)
    if outcome.returncode != 0:
        sys.exit(f"{program}: {outcome.stdout}{outcome.stderr}")


def with_openapi_python_client(contract: str, base: str, folder: pathlib.Path) -> None:
    run("openapi-python-client", "generate", "--path", contract, "--meta", "none", "--fail-on-warning",
        "--output-path", str(folder / "client"))
    client = importlib.import_module("client").Client(base_url=base)
    models = importlib.import_module("client.models")

    def operation(name: str):
        return importlib.import_module(f"client.api.default.{name}")

    predict = operation("prediction_controller_api_models_iris_model_prediction_post")
    flower = predict.sync(client=client, body=models.IrisModelInput(**FLOWER))
    check("openapi-python-client, prediction", flower.species == models.Species.IRIS_VERSICOLOR)
    refused = predict.sync(client=client, body=models.IrisModelInput(**FLOWER | {"petal_width": 30.0}))
    check("openapi-python-client, refusal", isinstance(refused, models.Error) and refused.type_ == "ValidationError")
    predict = operation("prediction_controller_api_models_insurance_charges_model_prediction_post")
    customer = models.InsuranceChargesModelInput.from_dict(CUSTOMER)
    check("openapi-python-client, enumerations", predict.sync(client=client, body=customer).charges > 0)
    ready = operation("readiness_check_api_health_ready_get").sync(client=client)
    check("openapi-python-client, readiness", ready.readiness_status == models.ReadinessStatus.ACCEPTING_TRAFFIC)
    metadata = operation("get_model_metadata_api_models_model_qualified_name_metadata_get")
    iris = metadata.sync("iris_model", client=client)
    check("openapi-python-client, metadata", iris.package.signed_by == "martlet-development")
    unknown = metadata.sync("rose_model", client=client)
    check("openapi-python-client, unknown model", unknown.type_ == "NotFound")


def with_datamodel_code_generator(contract: str, base: str, folder: pathlib.Path) -> None:
    run("datamodel-codegen", "--input", contract, "--input-file-type", "openapi", "--output", str(folder / "shapes.py"),
        "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin")
    shapes = importlib.import_module("shapes")
    with httpx.Client(base_url=base) as client:
        def predict(model: str, body):
            answer = client.post(f"/api/models/{model}/prediction", content=body.model_dump_json(),
                                 headers={"Content-Type": "application/json"})
            return answer.raise_for_status().content
        flower = shapes.IrisModelOutput.model_validate_json(predict("iris_model", shapes.IrisModelInput(**FLOWER)))
        check("datamodel-code-generator, prediction", flower.species.value == "Iris versicolor")
        body = shapes.InsuranceChargesModelInput(**CUSTOMER)
        charges = shapes.InsuranceChargesModelOutput.model_validate_json(predict("insurance_charges_model", body))
        check("datamodel-code-generator, enumerations", charges.charges > 0)
        metadata = client.get("/api/models/iris_model/metadata").content
        check("datamodel-code-generator, metadata", shapes.ModelMetadata.model_validate_json(metadata).package.sha256 != "")
        try:
            shapes.IrisModelInput(**FLOWER | {"petal_width": 30.0})
        except ValueError:
            check("datamodel-code-generator, bounds", True)


if __name__ == "__main__":
    contract, base, folder = sys.argv[1:]
    sys.path.insert(0, folder)
    with_openapi_python_client(contract, base, pathlib.Path(folder))
    with_datamodel_code_generator(contract, base, pathlib.Path(folder))
