# The packages. Who may write here is for other policies to say; martlet takes only what its keys have signed.
data "aws_caller_identity" "current" {}

locals {
  name = "${var.project}-${var.environment}"
}

resource "aws_s3_bucket" "models" {
  #checkov:skip=CKV_AWS_18:An access log needs a second bucket; whoever audits the account turns on CloudTrail's data events, which log the same
  #checkov:skip=CKV_AWS_144:Packages are made from what trained them, and a copy in another region is paid for; old versions are kept here
  #checkov:skip=CKV_AWS_145:S3 encrypts with keys of its own. A customer key is one more thing to pay and to lose, and packages are guarded by signatures and by who may read
  #checkov:skip=CKV2_AWS_62:Nobody waits for events: martlet reads the bucket when it starts
  bucket        = "${local.name}-models-${data.aws_caller_identity.current.account_id}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "models" {
  bucket = aws_s3_bucket.models.id

  # No access lists: policies alone say who may do what.
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "models" {
  bucket                  = aws_s3_bucket.models.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "models" {
  bucket = aws_s3_bucket.models.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "models" {
  bucket = aws_s3_bucket.models.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "models" {
  # Rules about old versions want versioning to be on.
  bucket = aws_s3_bucket_versioning.models.bucket

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.old_version_days
    }
    # What marks a deleted object goes with its last version.
    expiration {
      expired_object_delete_marker = true
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TLSOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.models.arn, "${aws_s3_bucket.models.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # Both change the bucket's policies, and S3 refuses to do that at the same time.
  depends_on = [aws_s3_bucket_public_access_block.models]
}
