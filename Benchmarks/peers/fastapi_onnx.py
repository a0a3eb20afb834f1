"""FastAPI, pydantic and ONNX Runtime: what a team that tunes its Python service arrives at."""

from fastapi import FastAPI
from insurance_charges_model.schema import InsuranceChargesModelInput, InsuranceChargesModelOutput

from scoring import charges

app = FastAPI()


@app.post("/api/models/insurance_charges_model/prediction")
async def predict(data: InsuranceChargesModelInput) -> InsuranceChargesModelOutput:
    return InsuranceChargesModelOutput(charges=charges(data))
