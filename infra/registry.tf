resource "aws_ecr_repository" "martlet" {
  #checkov:skip=CKV_AWS_136:The registry encrypts with keys of its own. The image holds a public program, and no secret that a customer key would guard
  name                 = local.name
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_destroy

  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "AES256"
  }
}
