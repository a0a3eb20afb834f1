package insurance_charges_model_test

import data.insurance_charges_model as policy
import future.keywords.if

denial := "Prediction cannot be made if customer is a smoker over the age of 60."

# What the service asks: a customer and the charges that the model predicts.
question(age, smoker) := {
	"model_qualified_name": "insurance_charges_model",
	"model_version": "0.1.0",
	"model_input": customer(age, smoker),
	"model_output": {"charges": 12345.0},
}

customer(age, smoker) := {
	"age": age, "sex": "female", "bmi": 24.0, "children": 2, "smoker": smoker, "region": "northwest",
}

test_a_smoker_over_60_is_one if {
	policy.customer_is_a_smoker_over_60 with input as question(62, true)
}

test_a_smoker_of_42_is_not_over_60 if {
	not policy.customer_is_a_smoker_over_60 with input as question(42, true)
}

test_someone_of_62_need_not_smoke if {
	not policy.customer_is_a_smoker_over_60 with input as question(62, false)
}

test_a_smoker_over_60_is_denied if {
	policy.allow == false with input as question(62, true)
}

test_a_smoker_over_60_is_told_why if {
	policy.messages == {denial} with input as question(62, true)
}

test_a_smoker_of_42_is_allowed if {
	policy.allow == true with input as question(42, true)
}

test_a_smoker_of_42_is_told_nothing if {
	count(policy.messages) == 0 with input as question(42, true)
}

test_someone_of_62_who_does_not_smoke_is_allowed if {
	policy.allow == true with input as question(62, false)
}

test_someone_of_62_who_does_not_smoke_is_told_nothing if {
	count(policy.messages) == 0 with input as question(62, false)
}

test_someone_of_42_who_does_not_smoke_is_allowed if {
	policy.allow == true with input as question(42, false)
}

test_60_is_not_over_60 if {
	policy.allow == true with input as question(60, true)
}

test_61_is_over_60 if {
	policy.allow == false with input as question(61, true)
}

test_an_age_that_is_not_known_is_not_over_60 if {
	policy.allow == true with input as question(null, true)
}

test_who_may_or_may_not_smoke_is_no_smoker if {
	policy.allow == true with input as question(62, null)
}

test_a_text_is_no_age if {
	not policy.customer_is_a_smoker_over_60 with input as question("42", true)
}

test_the_output_does_not_matter if {
	policy.allow == false with input as {"model_input": customer(62, true)}
	policy.allow == true with input as {"model_input": customer(42, true)}
}

test_a_question_without_a_customer_is_denied if {
	policy.allow == false with input as {}
	policy.allow == false with input as {"model_input": null}
	count(policy.messages) == 1 with input as {}
}
