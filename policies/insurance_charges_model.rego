# Who gets a prediction of insurance charges.
#
# The syntax is what OPA 0.43 and OPA 1 have in common.
package insurance_charges_model

import future.keywords.contains
import future.keywords.if

# A question without a customer is a mistake of whoever asks: no decision is right, so it is denied.
default allow := false

allow if count(messages) == 0

messages contains "Prediction cannot be made if customer is a smoker over the age of 60." if customer_is_a_smoker_over_60

messages contains "Prediction cannot be made without the input of the model." if not is_object(input.model_input)

customer_is_a_smoker_over_60 if {
	input.model_input.smoker == true

	# Everything that is not a number would compare too: text is greater than any number.
	is_number(input.model_input.age)
	input.model_input.age > 60
}
