output "bucket" {
  description = "The bucket of the packages."
  value       = aws_s3_bucket.models.bucket
}

output "store" {
  description = "Where packages are pushed to: `store` of model_packages."
  value       = "s3://${aws_s3_bucket.models.bucket}/${var.prefix}"
}

output "repository" {
  description = "What the image is called in the registry, without its tag."
  value       = aws_ecr_repository.martlet.repository_url
}

output "image" {
  description = "The image that the server runs."
  value       = "${aws_ecr_repository.martlet.repository_url}:${var.image_tag}"
}

output "role" {
  description = "The ARN of the server's role."
  value       = aws_iam_role.server.arn
}

output "instance" {
  description = "The server's id."
  value       = aws_instance.server.id
}

output "address" {
  description = "Where the service answers, for allowed_cidrs: by the public address where there is one."
  value       = "http://${var.public_address ? aws_instance.server.public_ip : aws_instance.server.private_ip}:${var.port}"
}
