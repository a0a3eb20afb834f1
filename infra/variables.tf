variable "project" {
  description = "What everything here is named after, together with the environment."
  type        = string
  default     = "martlet"

  # The bucket's name is PROJECT-ENVIRONMENT-models-ACCOUNT, of at most 63 characters.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.project))
    error_message = "project has 2 to 24 lower-case letters, digits and '-', begins with a letter and does not end with '-'."
  }
}

variable "environment" {
  description = "development, staging or production. Only in development does martlet take unsigned packages and the key of the examples."
  type        = string

  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "environment is development, staging or production."
  }
}

variable "region" {
  description = "The AWS region of all of it."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region)) && !startswith(var.region, "cn-")
    error_message = "region is one such as us-east-1. In China, S3 has addresses that this configuration does not write."
  }
}

variable "subnet_id" {
  description = "The subnet of the server. From it, S3, the registry and Amazon Linux's package repository can be reached over port 443."
  type        = string

  validation {
    condition     = can(regex("^subnet-[0-9a-f]+$", var.subnet_id))
    error_message = "subnet_id is one such as subnet-0123456789abcdef0."
  }
}

variable "public_address" {
  description = "Whether the server gets a public IPv4 address. A subnet without a NAT gateway or VPC endpoints needs one."
  type        = bool
  default     = false
}

variable "allowed_cidrs" {
  description = "Who may ask the service: IPv4 networks such as 10.0.0.0/16. By default nobody."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "allowed_cidrs are IPv4 networks such as 10.0.0.0/16."
  }
}

variable "port" {
  description = "The server's port that the service answers on."
  type        = number
  default     = 8000

  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port && var.port != 22
    error_message = "port is a whole number from 1 to 65535, and not SSH's."
  }
}

variable "instance_type" {
  description = "The server's type. Its architecture has to be that of the image."
  type        = string
  default     = "t3.micro"

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type is one such as t3.micro."
  }
}

variable "image_tag" {
  description = "The tag of the image that the server runs. A tag in the registry never moves: another image needs another tag."
  type        = string
  default     = "0.1.0"

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.image_tag))
    error_message = "image_tag has 1 to 128 letters, digits, '_', '.' and '-', and begins with none of the last two."
  }
}

variable "prefix" {
  description = "What the names of packages in the bucket begin with. The server may read there and nowhere else."
  type        = string
  default     = "models"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", var.prefix)) && length(var.prefix) <= 200
    error_message = "prefix has up to 200 letters, digits, '_', '-', and '/' between them."
  }
}

variable "models" {
  description = "The class paths of the models that are served, such as iris_model.prediction.model.IrisModel."
  type        = list(string)

  validation {
    condition     = length(var.models) > 0 && alltrue([for path in var.models : can(regex("^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$", path))])
    error_message = "models are one or more class paths such as iris_model.prediction.model.IrisModel."
  }
}

variable "keys" {
  description = "The Ed25519 keys whose signatures are trusted: ids with their public keys, as `martlet keygen` prints them."
  type        = map(string)

  validation {
    condition     = length(var.keys) > 0 && alltrue([for id, key in var.keys : can(regex("^[A-Za-z0-9._-]{1,64}$", id)) && can(regex("^[A-Za-z0-9+/]{43}=$", key))])
    error_message = "keys are one or more ids of 1 to 64 letters, digits, '.', '_' and '-', each with 32 bytes in base64."
  }
}

variable "old_version_days" {
  description = "How many days the bucket keeps a version of a package after it was replaced or deleted."
  type        = number
  default     = 90

  validation {
    condition     = var.old_version_days >= 1 && floor(var.old_version_days) == var.old_version_days
    error_message = "old_version_days is a whole number, at least 1."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete a bucket and a registry that still hold something."
  type        = bool
  default     = false
}
