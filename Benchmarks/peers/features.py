"""The features of the insurance model, in its order, from its validated input."""

SEX = {"female": 0.0, "male": 1.0}
REGION = {"northeast": 0.0, "northwest": 1.0, "southeast": 2.0, "southwest": 3.0}


def features(data) -> list[float]:
    return [data.age, SEX[data.sex], data.bmi, data.children, data.smoker, REGION[data.region]]
