package insurance_charges_model_test

import data.insurance_charges_model as policy
import future.keywords.if

denial := "Prediction cannot be made if customer is a smoker over the age of 60."

customer(age, smoker) := {
	"model_qualified_name": "insurance_charges_model",
	"model_version": "0.1.0",
	"model_input": {
		"age": age, "sex": "female", "bmi": 24.0, "children": 2, "smoker": smoker, "region": "northwest",
	},
	"model_output": {"charges": 12345.0},
}

test_smoker_over_60_is_found if policy.customer_is_a_smoker_over_60 with input as customer(62, true)
test_smoker_of_42_is_not_found if not policy.customer_is_a_smoker_over_60 with input as customer(42, true)
