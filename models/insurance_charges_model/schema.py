"""The input and output of the insurance charges model."""

from enum import Enum

from pydantic import BaseModel, Field


class SexEnum(str, Enum):
    male = "male"
    female = "female"


class RegionEnum(str, Enum):
    southwest = "southwest"
    southeast = "southeast"
    northwest = "northwest"
    northeast = "northeast"


class InsuranceChargesModelInput(BaseModel):
    """Schema for input of the model's predict method."""

    age: int = Field(title="Age", ge=18, le=65, description="Age of primary beneficiary in years.")
    sex: SexEnum = Field(title="Sex", description="Gender of beneficiary.")
    bmi: float = Field(title="Body Mass Index", ge=15.0, le=50.0, description="Body mass index of beneficiary.")
    children: int = Field(title="Children", ge=0, le=5, description="Number of children covered by health insurance.")
    smoker: bool = Field(title="Smoker", description="Whether beneficiary is a smoker.")
    region: RegionEnum = Field(title="Region", description="Region where beneficiary lives.")


class InsuranceChargesModelOutput(BaseModel):
    """Schema for output of the model's predict method."""

    charges: float = Field(
        title="Charges", description="Individual medical costs billed by health insurance to customer in US dollars.")
