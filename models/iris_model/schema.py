"""The input and output of the iris model. Lengths and widths are in centimetres."""

from enum import Enum

from pydantic import BaseModel, Field


class IrisModelInput(BaseModel):
    sepal_length: float = Field(gt=4.0, lt=8.0, description="Length of the sepal of the flower.")
    sepal_width: float = Field(gt=1.0, lt=6.0, description="Width of the sepal of the flower.")
    petal_length: float = Field(gt=0.0, lt=8.0, description="Length of the petal of the flower.")
    petal_width: float = Field(gt=0.0, lt=3.0, description="Width of the petal of the flower.")


class Species(str, Enum):
    iris_setosa = "Iris setosa"
    iris_versicolor = "Iris versicolor"
    iris_virginica = "Iris virginica"


class IrisModelOutput(BaseModel):
    species: Species = Field(description="Predicted species of the flower.")
