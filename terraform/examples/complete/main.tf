# Everything: a native executable on arm64 behind CloudFront, all functions, rotation of the signing key, alarms to a topic.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

variable "region" {
  description = "Where to deploy, as AWS names it."
  type        = string
  default     = "eu-central-1"
}

provider "aws" {
  region = var.region
}

resource "aws_sns_topic" "alarms" {
  name = "edge-download-alarms"
}

module "edge_download" {
  source = "../../modules/edge-download"

  name         = "edge-download"
  function_zip = "${path.module}/../../../functions/lambda/target/function.zip"
  runtime      = "provided.al2023"
  architecture = "arm64"

  functions = {
    download = { memory_mb = 1024, timeout_seconds = 30, reserved_concurrency = 200, authorization = "AWS_IAM" }
    resolve  = { memory_mb = 512, timeout_seconds = 10, reserved_concurrency = 50 }
    publish  = { memory_mb = 1024, timeout_seconds = 300, reserved_concurrency = 2 }
    warm     = { memory_mb = 1024, timeout_seconds = 900, reserved_concurrency = 2 }
    presign  = { memory_mb = 512, timeout_seconds = 10, reserved_concurrency = 20 }
  }

  signing_keys = {
    current  = { id = "k2", parameter = "/edge-download/signing/k2" }
    previous = { id = "k1", parameter = "/edge-download/signing/k1" }
  }
  admin_token_parameter = "/edge-download/admin-token"

  environment        = { EDGE_FALLBACK_MODE = "auto" }
  chunk_expiry_days  = 14
  log_retention_days = 90
  alarm_actions      = [aws_sns_topic.alarms.arn]
  cloudfront         = true
  tags               = { project = "edge-download" }
}

output "function_urls" {
  description = "The function URL of each function, by name."
  value       = module.edge_download.function_urls
}

output "download_url" {
  description = "What a relative address of resolve belongs to."
  value       = module.edge_download.download_url
}

output "bucket" {
  description = "Name of the bucket."
  value       = module.edge_download.bucket
}
