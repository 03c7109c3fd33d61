# Three functions behind public function URLs: clients show signatures, administrators the token.

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
  default     = "us-east-1"
}

provider "aws" {
  region = var.region
}

module "edge_download" {
  source = "../../modules/edge-download"

  name                  = "edge-download"
  function_zip          = "${path.module}/../../../functions/lambda/target/function.zip"
  signing_keys          = { current = { id = "k1", parameter = "/edge-download/signing/k1" } }
  admin_token_parameter = "/edge-download/admin-token"
}

output "function_urls" {
  description = "The function URL of each function, by name."
  value       = module.edge_download.function_urls
}

output "bucket" {
  description = "Name of the bucket."
  value       = module.edge_download.bucket
}
