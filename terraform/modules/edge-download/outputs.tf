output "function_urls" {
  description = "The function URL of each function, by name."
  value       = { for name, url in aws_lambda_function_url.this : name => url.function_url }
}

output "download_url" {
  description = "What a relative address of `resolve` belongs to: CloudFront's address, or the function URL of `download`."
  value       = var.cloudfront ? "https://${aws_cloudfront_distribution.this[0].domain_name}/" : try(aws_lambda_function_url.this["download"].function_url, null)
}

output "bucket" {
  description = "Name of the bucket; what backs downloads belongs below `objects/`."
  value       = aws_s3_bucket.this.id
}

output "role_arns" {
  description = "The role of each function, by name."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}

output "function_versions" {
  description = "The published version of each function, by name."
  value       = { for name, function in aws_lambda_function.this : name => function.version }
}
